"""The queries of the dashboard and of the rules, as a Prometheus can answer them, and which of them it has no answer
to."""

import json
import re

# An alert compares with a number, and has no value when it does not fire. What it compares has one.
COMPARISON = re.compile(r"(.*?)\s+(?:>|<|==)\s+[0-9.]+", re.S)
VARIABLES = {"$__rate_interval": "30s", "$instance": ".*", "$crawl_job": ".*"}


def filled_in(expression):
    for variable, value in VARIABLES.items():
        expression = expression.replace(variable, value)
    assert "$" not in expression, f"the check does not know a variable of {expression}"
    return expression


def of_dashboard(text):
    """Name and expression of each query; the lists of the variables are queries as well."""
    dashboard = json.loads(text)
    for panel in dashboard["panels"]:
        for target in panel.get("targets", []):
            yield f"panel {panel['title']} {target['refId']}", filled_in(target["expr"])
    for annotation in dashboard["annotations"]["list"]:
        yield f"annotation {annotation['name']}", filled_in(annotation["expr"])
    for variable in dashboard["templating"]["list"]:
        if variable["type"] == "query":
            series, label = re.fullmatch(r"label_values\((.*), (\w+)\)", variable["definition"]).groups()
            yield f"variable {variable['name']}", filled_in(f"count by ({label}) ({series})")


def of_rules(prometheus):
    for group in prometheus.ask("rules")["groups"]:
        for rule in group["rules"]:
            assert rule["health"] == "ok", rule
            expression = rule["query"]
            if rule["type"] == "alerting":
                compared = COMPARISON.fullmatch(expression)
                assert compared, f"{rule['name']} compares with no number: {expression}"
                expression = compared[1]
            yield f"rule {rule['name']}", expression


def without_data(prometheus, queries, seconds, may_be_zero):
    """Each query that had no data in the last seconds, or only zeros, which is what a wrong label often gives."""
    for name, expression in queries:
        values = prometheus.values(expression, seconds)
        if not values:
            yield f"{name} has no data: {expression}"
        elif max(values) <= 0 and not any(word in expression for word in may_be_zero):
            yield f"{name} is never above 0: {expression}"
