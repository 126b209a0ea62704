"""Does what it reads as JSON lines with gql over one websocket, and tells as JSON lines what came."""

import asyncio
import json
import sys

from gql import Client, gql
from gql.transport.exceptions import TransportError, TransportQueryError
from gql.transport.websockets import WebsocketsTransport


def say(**message) -> None:
    print(json.dumps(message), flush=True)


def close_of(error: BaseException | None) -> dict | None:
    """Code and reason of the close frame behind an error."""
    while error is not None:
        frame = getattr(error, "rcvd", None)
        if frame is not None:
            return {"code": frame.code, "reason": frame.reason}
        error = error.__cause__
    return None


async def operate(session, n: int, query: str, variables: dict) -> None:
    stream = session.subscribe(
        gql(query), variable_values=variables, get_execution_result=True
    )
    try:
        async for result in stream:
            say(n=n, next={"data": result.data, "errors": result.errors})
        say(n=n, complete=True)
    except TransportQueryError as error:
        if error.data is not None:
            say(n=n, next={"data": error.data, "errors": error.errors})
            say(n=n, complete=True)
        else:
            say(n=n, errors=error.errors)
    except TransportError as error:
        say(n=n, closed=close_of(error), text=repr(error))


async def main(url: str, token: str) -> None:
    transport = WebsocketsTransport(
        url,
        init_payload={"authorization": f"Bearer {token}"},
        subprotocols=[WebsocketsTransport.GRAPHQLWS_SUBPROTOCOL],
        connect_args={"max_size": None},
    )
    client = Client(transport=transport)
    session = await client.connect_async(reconnecting=False)
    say(ready=True)
    lines = asyncio.StreamReader(limit=2**24)
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(lines), sys.stdin
    )
    running: dict[int, asyncio.Task] = {}
    while line := await lines.readline():
        asked = json.loads(line)
        if "stop" in asked:
            running.pop(asked["stop"]).cancel()
        else:
            running[asked["n"]] = asyncio.create_task(operate(session, **asked))
    await client.close_async()


asyncio.run(main(*sys.argv[1:]))
