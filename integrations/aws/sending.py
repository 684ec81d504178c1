"""How AWS is asked: through botocore, which signs; operations that are declared, and nothing else.

It stands in the place of ``integrations.transport.Transport`` and does the same for its caller.
Two gates keep the promise: an operation has to be declared, and a client refuses to send any call
that no operation names, whoever makes it. Credentials alone are botocore's own affair: those of a
profile or a machine may take a request to get.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from integrations.aws.asking import HOME
from integrations.aws.errors import meaning_of_error
from integrations.connector import Connector, Meaning, Page, Sent, Stopped, Trouble, Undeclared
from integrations.operations import Operation
from integrations.pace import Clock, Pace
from integrations.paging import follow

_TRIES = 6
_EVERYWHERE = ("ce", "sts")  # asked at home
# An event of CloudTrail holds itself once more, as text.
_WRITTEN_AS_TEXT = ("CloudTrailEvent",)


class Sender:
    """Sends the operations of the AWS connector with one session of boto3."""

    def __init__(self, connector: Connector, session: Any, network: Any, clock: Clock) -> None:
        self._connector = connector
        self._declared = frozenset((one.host, one.path[1:]) for one in connector.operations)
        self._session = session
        self._network = network
        self._clock = clock
        self._pace = Pace(connector.quotas, clock)
        self._clients: dict[tuple[str, str], Any] = {}
        self.sent = Sent()

    @property
    def waited(self) -> float:
        """The seconds spent waiting so far."""
        return self._pace.waited

    def pages(
        self,
        operation: Operation,
        parameters: Mapping[str, str],
        following: str = "",
        deadline: float = float("inf"),
    ) -> Iterator[Page]:
        """Yield the pages of an operation. Raises Stopped, and Undeclared for any other."""
        if operation not in self._connector.operations:
            raise Undeclared(f"{operation.id} is no operation of {self._connector.name}")
        yield from follow(
            lambda place: (self._page(operation, parameters, place, deadline), 1), following
        )

    def _page(
        self, operation: Operation, parameters: Mapping[str, str], following: str, deadline: float
    ) -> Page:
        if self._clock.time() > deadline:
            raise Stopped(Meaning(Trouble.RETRY, "the time for it was over"))
        return _page(operation, self._answer(operation, parameters, following))

    def client(self, service: str, region: str) -> Any:
        """Return a client of a service that sends what is declared alone."""
        if (service, region) not in self._clients:
            from botocore.config import Config  # type: ignore[import-untyped]

            address = f"{service}.{region}.amazonaws.com"
            proxy = "" if self._network.goes_direct(address) else self._network.proxy
            made = self._session.client(
                service,
                region_name=region,
                verify=self._network.ca_file or True,  # never what AWS_CA_BUNDLE says
                config=Config(
                    proxies={"https": proxy} if proxy else {},
                    retries={"mode": "standard", "total_max_attempts": _TRIES},
                    user_agent_extra="gnomon",
                ),
            )
            made.meta.events.register_first("before-call", self._gate)
            self._clients[service, region] = made
        return self._clients[service, region]

    def _gate(self, model: Any, **_others: Any) -> None:
        """Refuse a call that no operation declares, before anything is sent."""
        if (model.service_model.service_name, model.name) not in self._declared:
            raise Undeclared(f"{model.service_model.service_name} {model.name} is not declared")

    def _answer(
        self, operation: Operation, parameters: Mapping[str, str], following: str
    ) -> Mapping[str, Any]:
        from botocore.exceptions import (  # type: ignore[import-untyped]
            BotoCoreError,
            ClientError,
        )

        region = parameters.get("region", HOME)
        self._check_region(operation.host, region)
        asked = request_of(operation, parameters, following)
        self._pace.wait_for(operation.quota)
        self.sent.count(operation.id)
        client = self.client(operation.host, region)
        try:
            answer = getattr(client, _method(operation))(**asked)
        except ClientError as error:
            said = error.response.get("Error", {})
            code, message = str(said.get("Code", "")), str(said.get("Message", ""))
            raise Stopped(meaning_of_error(code, message, operation)) from error
        except BotoCoreError as error:
            raise Stopped(
                Meaning(Trouble.RETRY, f"{type(error).__name__}: {error}"[:300])
            ) from error
        return plain(answer)  # type: ignore[no-any-return]

    def _check_region(self, service: str, region: str) -> None:
        """Refuse a region that has no such service, before its name is looked up in vain.

        Of services that botocore lists no regions for, those of Bedrock count: they belong to it.
        """
        from botocore.exceptions import BotoCoreError

        if service in _EVERYWHERE:
            return
        try:
            partition = self._session.get_partition_for_region(region)
            regions = self._session.get_available_regions
            known = regions(service, partition) or regions("bedrock", partition)
        except BotoCoreError:
            known = []
        if region not in known:
            raise Stopped(Meaning(Trouble.NOT_THERE, f"{service} is not offered in {region}"))


def request_of(
    operation: Operation, parameters: Mapping[str, str], following: str = ""
) -> dict[str, Any]:
    """Return what a call is given: the declared body with its parameters, and where to go on."""
    asked = dict(_filled(operation.body or {}, parameters))
    return {**asked, operation.page_token[1]: following} if following else asked


def plain(value: Any) -> Any:
    """Return an answer as JSON has it: times as text, texts that hold JSON as what they hold."""
    if isinstance(value, Mapping):
        return {
            name: _read(one) if name in _WRITTEN_AS_TEXT else plain(one)
            for name, one in value.items()
            if name != "ResponseMetadata"
        }
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value.isoformat() if isinstance(value, datetime) else value


def _read(text: Any) -> Any:
    try:
        return json.loads(text)
    except (TypeError, ValueError, RecursionError):
        return None


def _filled(value: Any, parameters: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        return {name: _filled(one, parameters) for name, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, parameters) for one in value]
    if isinstance(value, str) and value.startswith("{") and value.endswith("}"):
        return parameters[value[1:-1]]
    return value


def _page(operation: Operation, answer: Mapping[str, Any]) -> Page:
    found = answer.get(operation.items) if operation.items else answer
    items = found if isinstance(found, list) else [] if found is None else [found]
    token = answer.get(operation.page_token[0]) if operation.page_token[0] else ""
    return Page(items, token if isinstance(token, str) else "")


def _method(operation: Operation) -> str:
    from botocore import xform_name  # type: ignore[import-untyped]

    return str(xform_name(operation.path[1:]))
