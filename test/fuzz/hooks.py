"""
What Schemathesis loads as its hooks: values for the scalars of the graph, some that they hold and some that they refuse,
and the checks that an answer is one of the server's own, whatever was asked, of the graph and of REST.
"""

import base64

import graphql
import schemathesis
from hypothesis import strategies as st
from hypothesis_graphql import nodes

text = st.text(max_size=20)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=6,
)


def strings(strategy):
    return strategy.map(nodes.String)


def literal(value):
    """A JSON value as GraphQL writes it; what is no name as the key of an object becomes text."""
    if isinstance(value, bool):
        return nodes.Boolean(value)
    if isinstance(value, int):
        return nodes.Int(value)
    if isinstance(value, float):
        return nodes.Float(value)
    if isinstance(value, str):
        return nodes.String(value)
    if isinstance(value, list):
        return nodes.List([literal(item) for item in value])
    if isinstance(value, dict):
        fields = [
            graphql.ObjectFieldNode(name=graphql.NameNode(value=f"k{index}"), value=literal(item))
            for index, item in enumerate(value.values())
        ]
        return nodes.Object(fields)
    return nodes.Null


wide = st.integers(min_value=-(2**70), max_value=2**70)
scalars = {
    "Int64": wide.map(nodes.Int) | strings(wide.map(str)),
    "IntOrString": st.integers(-5, 70000).map(nodes.Int) | strings(text),
    "Quantity": strings(st.sampled_from(["1", "100m", "1.5Gi", "1e3", "-1", "much"])),
    "DateTime": strings(st.datetimes().map(lambda at: at.isoformat() + "Z") | text),
    "Base64": strings(st.binary(max_size=20).map(lambda b: base64.b64encode(b).decode()) | text),
    "Selector": strings(st.sampled_from(["app=web", "a in (b,c)", "!x", "==", "a=b=c"]) | text),
    "Duration": strings(st.sampled_from(["1h", "30s", "1h30m", "soon"])),
    "StringMap": st.dictionaries(text, text, max_size=3).map(literal),
    "JSON": json_values.map(literal),
}
for name, strategy in scalars.items():
    schemathesis.graphql.scalar(name, strategy)


@schemathesis.check
def answers(ctx, response, case):
    """No 5xx; a body of GraphQL; every error with a code, none of them a mistake of the server."""
    assert response.status_code < 500, f"status {response.status_code}: {response.text}"
    body = response.json()
    assert "data" in body or body.get("errors"), response.text
    for error in body.get("errors", []):
        code = error.get("extensions", {}).get("code")
        assert code and code != "INTERNAL_SERVER_ERROR", response.text


@schemathesis.check
def rest_answers(ctx, response, case):
    """A status of HTTP, and never the text that stands for a mistake of the server."""
    assert 200 <= response.status_code < 600, f"status {response.status_code}"
    assert "unexpected error" not in response.text, f"{response.status_code}: {response.text}"
