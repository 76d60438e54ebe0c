"""Builders of small decision files, so that a test shows only what it is about."""

from __future__ import annotations

from html import escape

import pytest

from engine import decisions

NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def literal(text: str, type_ref: str = "") -> str:
    declared = f' typeRef="{escape(type_ref)}"' if type_ref else ""
    return f"<literalExpression{declared}><text>{escape(text)}</text></literalExpression>"


class Dmn:
    """Writes the XML of decision files and evaluates it."""

    literal = staticmethod(literal)

    def file(self, *elements: str, dmn: str = NAMESPACE, namespace: str = "urn:test", extra: str = "") -> bytes:
        body = "\n".join(elements)
        return (
            f'<definitions xmlns="{dmn}" name="test" namespace="{namespace}" {extra}>\n{body}\n</definitions>'.encode()
        )

    def decision(self, name: str, logic: str, *, needs: str = "", knows: str = "", type_ref: str = "") -> str:
        declared = f' typeRef="{escape(type_ref)}"' if type_ref else ""
        inputs = "".join(
            f'<informationRequirement><requiredInput href="#{one.strip()}"/></informationRequirement>'
            for one in needs.split(",")
            if one.strip()
        )
        functions = "".join(
            f'<knowledgeRequirement><requiredKnowledge href="#{one.strip()}"/></knowledgeRequirement>'
            for one in knows.split(",")
            if one.strip()
        )
        variable = f'<variable name="{name}"{declared}/>'
        return f'<decision id="{name}" name="{name}">{variable}{inputs}{functions}{logic}</decision>'

    def input(self, name: str, type_ref: str = "") -> str:
        declared = f' typeRef="{escape(type_ref)}"' if type_ref else ""
        return f'<inputData id="{name}" name="{name}"><variable name="{name}"{declared}/></inputData>'

    def function(
        self, name: str, parameters: dict[str, str], logic: str, *, knows: str = "", type_ref: str = ""
    ) -> str:
        declared = f' typeRef="{escape(type_ref)}"' if type_ref else ""
        formal = "".join(
            f'<formalParameter name="{one}"' + (f' typeRef="{kind}"' if kind else "") + "/>"
            for one, kind in parameters.items()
        )
        functions = "".join(
            f'<knowledgeRequirement><requiredKnowledge href="#{one.strip()}"/></knowledgeRequirement>'
            for one in knows.split(",")
            if one.strip()
        )
        return (
            f'<businessKnowledgeModel id="{name}" name="{name}"><variable name="{name}"{declared}/>'
            f"<encapsulatedLogic>{formal}{logic}</encapsulatedLogic>{functions}</businessKnowledgeModel>"
        )

    def table(self, policy: str, columns: list[str], outputs: list[str], rules: list[str]) -> str:
        """`columns` are "expression", "expression:type" or "expression:type:values"; `outputs` likewise, with a fourth
        part for the default; a rule is its cells separated by "|"."""
        policy, _, aggregation = policy.partition("/")
        head = f'<decisionTable id="t" hitPolicy="{policy}"' + (
            f' aggregation="{aggregation}">' if aggregation else ">"
        )
        inputs = "".join(map(self._column, columns))
        outs = "".join(map(self._output, outputs))
        rows = "".join(self._rule(number, rule, len(columns)) for number, rule in enumerate(rules, 1))
        return head + inputs + outs + rows + "</decisionTable>"

    def _column(self, column: str) -> str:
        expression, type_ref, values, *_ = [*column.split(":"), "", ""]
        declared = f' typeRef="{escape(type_ref)}"' if type_ref else ""
        allowed = f"<inputValues><text>{escape(values)}</text></inputValues>" if values else ""
        return f"<input><inputExpression{declared}><text>{expression}</text></inputExpression>{allowed}</input>"

    def _output(self, output: str) -> str:
        name, type_ref, values, default, *_ = [*output.split(":"), "", "", ""]
        declared = f' typeRef="{escape(type_ref)}"' if type_ref else ""
        allowed = f"<outputValues><text>{escape(values)}</text></outputValues>" if values else ""
        preset = f"<defaultOutputEntry><text>{escape(default)}</text></defaultOutputEntry>" if default else ""
        return f'<output name="{name}"{declared}>{allowed}{preset}</output>'

    def _rule(self, number: int, rule: str, inputs: int) -> str:
        cells = [cell.strip() for cell in rule.split("|")]
        tests = "".join(f"<inputEntry><text>{escape(cell)}</text></inputEntry>" for cell in cells[:inputs])
        results = "".join(f"<outputEntry><text>{escape(cell)}</text></outputEntry>" for cell in cells[inputs:])
        return f'\n<rule id="r{number}">{tests}{results}</rule>'

    def model(self, *elements: str) -> decisions.Model:
        return decisions.read(self.file(*elements), "test.dmn")

    def value(self, logic: str, inputs: dict[str, object] | None = None, **options: str) -> object:
        return self.outcome(logic, inputs, **options).value

    def outcome(self, logic: str, inputs: dict[str, object] | None = None, **options: str) -> decisions.Outcome:
        """What one decision with this logic comes to; every given input is required."""
        given = dict(inputs or {})
        parts = [self.input(name) for name in given]
        model = self.model(*parts, self.decision("d", logic, needs=",".join(given), **options))
        return model.evaluate("d", given)


@pytest.fixture
def dmn() -> Dmn:
    return Dmn()
