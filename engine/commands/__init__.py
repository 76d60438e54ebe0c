"""The use cases that change something; each takes the database, the actor and `now`, and owns its transaction."""

from engine.commands.cancel_instance import ReasonMissing, cancel_instance
from engine.commands.claim_task import claim_task, delegate_task, release_task
from engine.commands.complete_task import InvalidForm, complete_task
from engine.commands.deploy_definition import Deployment, deploy_definition
from engine.commands.rebuild import rebuild
from engine.commands.start_instance import start_instance
from engine.commands.step import Moved
from engine.tasks import TaskGone, TaskTaken

__all__ = [
    "Deployment",
    "InvalidForm",
    "Moved",
    "ReasonMissing",
    "TaskGone",
    "TaskTaken",
    "cancel_instance",
    "claim_task",
    "complete_task",
    "delegate_task",
    "deploy_definition",
    "rebuild",
    "release_task",
    "start_instance",
]
