"""The use cases that change something, each a `command`: with a database a transaction of its own, with a session a
part of the caller's.

What lints for long first, or tries a step and notes its refusal in a second transaction, takes a database alone.
"""

from engine.commands.administer.cancel_instance import cancel_instance
from engine.commands.administer.correct_data import correct_data
from engine.commands.administer.intervene import ReasonMissing
from engine.commands.administer.move_token import move_token
from engine.commands.administer.retry_job import NoIncident, retry_job, retry_message, skip_job
from engine.commands.administer.suspend_instance import resume_instance, suspend_instance
from engine.commands.claim_task import claim_task, delegate_task, release_task
from engine.commands.complete_task import InvalidForm, complete_task
from engine.commands.deploy_definition import Deployment, deploy_definition
from engine.commands.publish_message import Published, publish_message, publish_signal
from engine.commands.rebuild import rebuild
from engine.commands.release_held import release_held
from engine.commands.start_instance import start_instance
from engine.commands.step import Moved
from engine.commands.unattended.fire_schedule import retry_schedule, start_by_clock
from engine.tasks import TaskGone, TaskTaken

__all__ = [
    "Deployment",
    "InvalidForm",
    "Moved",
    "NoIncident",
    "Published",
    "ReasonMissing",
    "TaskGone",
    "TaskTaken",
    "cancel_instance",
    "claim_task",
    "complete_task",
    "correct_data",
    "delegate_task",
    "deploy_definition",
    "move_token",
    "publish_message",
    "publish_signal",
    "rebuild",
    "release_held",
    "release_task",
    "resume_instance",
    "retry_job",
    "retry_message",
    "retry_schedule",
    "skip_job",
    "start_by_clock",
    "start_instance",
    "suspend_instance",
]
