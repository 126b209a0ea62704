"""Deployments of a namespace, by query; then the same page whenever it changes, by subscription."""

import asyncio
import sys

import httpx
from gql import Client, gql
from gql.transport.httpx import HTTPXAsyncTransport
from gql.transport.websockets import WebsocketsTransport

ROW = "metadata { name } spec { replicas } status { readyReplicas }"

LIST = gql(
    """
    query Deployments($namespace: String) {
      page: appsDeployments(namespace: $namespace, first: 50) { totalCount nodes { %s } }
    }
    """
    % ROW
)

FOLLOW = gql(
    """
    subscription Deployments($namespaces: [String!]) {
      change: appsDeploymentsChanged(namespaces: $namespaces, mode: ROWS) {
        page: rows(first: 50) { totalCount nodes { %s } }
      }
    }
    """
    % ROW
)


def login(url: str, user: str, password: str) -> str:
    client = {"client_id": "kubesphere", "client_secret": "kubesphere"}
    form = {"grant_type": "password", "username": user, "password": password, **client}
    answer = httpx.post(f"{url}/oauth/token", data=form)
    answer.raise_for_status()
    return answer.json()["access_token"]


def show(page: dict | None) -> None:
    for node in (page or {}).get("nodes", []):
        ready = (node["status"] or {}).get("readyReplicas") or 0
        print(f"{node['metadata']['name']} {ready}/{node['spec']['replicas']}", flush=True)


async def main(url: str, user: str, password: str, namespace: str = "default") -> None:
    token = {"Authorization": f"Bearer {login(url, user, password)}"}
    async with Client(transport=HTTPXAsyncTransport(f"{url}/graphql", headers=token)) as session:
        show((await session.execute(LIST, variable_values={"namespace": namespace}))["page"])
    socket = WebsocketsTransport(
        url.replace("http", "ws", 1) + "/graphql",
        init_payload=token,
        subprotocols=[WebsocketsTransport.GRAPHQLWS_SUBPROTOCOL],
    )
    async with Client(transport=socket) as session:
        async for event in session.subscribe(FOLLOW, variable_values={"namespaces": [namespace]}):
            show(event["change"]["page"])


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit("usage: client.py URL USER PASSWORD [NAMESPACE]")
    try:
        asyncio.run(main(*sys.argv[1:]))
    except KeyboardInterrupt:
        pass
