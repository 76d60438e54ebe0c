"""What SpiffWorkflow's own layer makes of the scenarios that were just run: for the terminal, and for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from engine.bpmn import Definition
from engine.database import Database
from engine.scenarios import ScenarioOutcome
from engine.second_opinion import Difference, Opinion, recorded, second_opinion


@dataclass(frozen=True, slots=True)
class Opinions:
    """The second opinion on each scenario of a process, by the scenario's name."""

    key: str
    by_scenario: dict[str, Opinion]

    @classmethod
    def on(cls, db: Database, deployed: Sequence[Definition], outcomes: list[ScenarioOutcome]) -> Opinions:
        """The opinions on what scenarios left in a database; none on one whose case was never begun.

        `deployed` is the scenarios' process first, then those it calls.
        """
        definitions = {each.key: each for each in deployed}
        with db.reading() as session:
            tapes = {each.scenario.name: recorded(session, each.number) for each in outcomes if each.number}
        return cls(deployed[0].key, {name: second_opinion(definitions, tape) for name, tape in tapes.items()})

    @property
    def ok(self) -> bool:
        """Whether nothing differs but by known traps."""
        return all(opinion.ok for opinion in self.by_scenario.values())

    def print(self, say: Callable[[str, str], None]) -> None:
        """Say to the person at the terminal what differs and how many do not."""
        agreed = sum(opinion.agrees for opinion in self.by_scenario.values())
        known = Counter(trap for opinion in self.by_scenario.values() for trap in opinion.traps)
        traps = "、".join(f"{trap}（{count}）" for trap, count in sorted(known.items())) or "无"
        traps_en = ", ".join(f"{trap} ({count})" for trap, count in sorted(known.items())) or "none"
        say(f"{self.key}：SpiffWorkflow 自带的执行层 {agreed}/{len(self.by_scenario)} 个场景一致；已知陷阱：{traps}",
            f"{self.key}: SpiffWorkflow's own layer agrees on {agreed}/{len(self.by_scenario)} scenarios; "
            f"known traps: {traps_en}")  # fmt: skip
        for name, opinion in self.by_scenario.items():
            if opinion.unexplained is not None:
                say(f"✗ 不一致且无已知陷阱可解释：{name}", f"✗ differs, and no known trap says why: {name}")
                print(f"    {_told(opinion.unexplained)}")

    def to_value(self) -> dict[str, Any]:
        """The opinions as a program reads them: how many agree, and each that differs."""
        differing = {name: opinion for name, opinion in self.by_scenario.items() if not opinion.agrees}
        return {
            "ok": self.ok,
            "agreed": len(self.by_scenario) - len(differing),
            "differing": [{"scenario": name, **asdict(opinion)} for name, opinion in differing.items()],
        }


def _told(difference: Difference) -> str:
    facts = {
        name: value for name, value in asdict(difference).items() if name != "step" and value not in ((), None, "")
    }
    return f"{difference.step}: " + "; ".join(f"{name} {value}" for name, value in facts.items())
