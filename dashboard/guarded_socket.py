"""An open WebSocket that lives no longer than its ticket."""

from __future__ import annotations

import asyncio
from collections import defaultdict

import anyio.to_thread
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.desk import Desk
from dashboard.tickets import Ticket, find_by_handle, touch_ticket

# Close code of the application's own range (4000–4999): the ticket no longer stands.
TICKET_ENDED = 4401


class OpenSockets:
    """The sockets that are open, by ticket, so that signing out closes them at once."""

    def __init__(self) -> None:
        self._bells: defaultdict[str, set[asyncio.Event]] = defaultdict(set)

    def add(self, handle: str) -> asyncio.Event:
        """A bell that rings when the ticket ends."""
        bell = asyncio.Event()
        self._bells[handle].add(bell)
        return bell

    def remove(self, handle: str, bell: asyncio.Event) -> None:
        """Forget a socket that is gone."""
        self._bells[handle].discard(bell)
        if not self._bells[handle]:
            del self._bells[handle]

    def close(self, handle: str) -> None:
        """Ring for every socket of a ticket."""
        for bell in list(self._bells.get(handle, ())):
            bell.set()


class GuardedSocket:
    """Passes messages on while the ticket stands; it is looked at with every message and while none come.

    Another process (the command line) may end a ticket too, so the store is asked, not only the bell.
    """

    def __init__(
        self, desk: Desk, sockets: OpenSockets, ticket: Ticket, receive: Receive, send: Send
    ) -> None:
        self.desk = desk
        self.sockets = sockets
        self.ticket = ticket
        self._receive = receive
        self._send = send
        self._is_closed = False
        self._is_accepted = False
        self._bell = sockets.add(ticket.handle)

    async def run(self, app: ASGIApp, scope: Scope) -> None:
        """Serve the application over the guarded socket until either side ends it."""
        watch = asyncio.create_task(self._watch())
        try:
            await app(scope, self.receive, self.send)
        finally:
            watch.cancel()
            self.sockets.remove(self.ticket.handle, self._bell)

    async def receive(self) -> Message:
        """The next message, or a disconnect once the ticket no longer stands."""
        coming = asyncio.ensure_future(self._receive())
        ringing = asyncio.ensure_future(self._bell.wait())
        try:
            await asyncio.wait({coming, ringing}, return_when=asyncio.FIRST_COMPLETED)
            if not self._bell.is_set() and coming.done():
                message = coming.result()
                if message["type"] != "websocket.receive" or await self._stands(is_activity=True):
                    return message
            await self._close()
            return {"type": "websocket.disconnect", "code": TICKET_ENDED}
        finally:
            coming.cancel()
            ringing.cancel()

    async def send(self, message: Message) -> None:
        """Pass a message to the browser, and nothing more after the end."""
        if self._bell.is_set() or self._is_closed:
            return
        self._is_accepted = self._is_accepted or message["type"] == "websocket.accept"
        self._is_closed = message["type"] == "websocket.close"
        await self._send(message)

    async def _watch(self) -> None:
        while await self._stands(is_activity=False):
            await asyncio.sleep(self.desk.policy.recheck.span.total_seconds())
        self._bell.set()

    async def _stands(self, is_activity: bool) -> bool:
        ticket = await anyio.to_thread.run_sync(find_by_handle, self.desk, self.ticket.handle)
        if ticket is not None and is_activity:
            await anyio.to_thread.run_sync(touch_ticket, self.desk, ticket)
        return ticket is not None

    async def _close(self) -> None:
        if not self._is_closed:
            self._is_closed = True
            await self._send({"type": "websocket.close", "code": TICKET_ENDED})
