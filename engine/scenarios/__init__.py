"""Scenarios: named paths through a process on a simulated clock, carried out by the real commands."""

from engine.scenarios.clock import Clock
from engine.scenarios.coverage import Coverage
from engine.scenarios.files import Samples
from engine.scenarios.people import with_accounts
from engine.scenarios.running import ScenarioOutcome, ScenarioRun, invented_actor, open_tasks, run_scenario
from engine.scenarios.scenario_file import Scenario, ScenarioFile, ScenarioStep, read_scenarios

__all__ = [
    "Clock",
    "Coverage",
    "Samples",
    "Scenario",
    "ScenarioFile",
    "ScenarioOutcome",
    "ScenarioRun",
    "ScenarioStep",
    "invented_actor",
    "open_tasks",
    "read_scenarios",
    "run_scenario",
    "with_accounts",
]
