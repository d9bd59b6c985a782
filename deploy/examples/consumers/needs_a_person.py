#!/usr/bin/python3
"""Prints every event that needs a person, and goes on for ever; started again, it goes on where it was.

    apt install python3-confluent-kafka        # or: pip install confluent-kafka
    deploy/examples/consumers/needs_a_person.py 127.0.0.1:8086

With --until-end it reads all that is there from the beginning and ends.
"""
import re
import sys

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, TopicPartition

TOPICS = [
    "interlock.inventory.events.v1",
    "interlock.license.events.v1",
    "interlock.upgrade.events.v1",
    "interlock.agent.events.v1",
]
TYPES = {
    "HostKeyChanged", "ClockSkewDetected", "OrphanFound",
    "PoolLow", "PoolExhausted", "PoolExpiring", "PoolExpired", "ResponseRejected",
    "AdministratorLockedOut", "LicensesLost", "TrustedStorageCorrupted",
    "UpgradePlanned", "PreflightFailed", "GateOpened", "StepFailed", "UpgradePaused", "UpgradeFailed",
    "AlertRaised", "GracePeriodEnding", "GracePeriodExpired", "AgentVersionUnsupported",
}  # fmt: skip
# a newer version of an event has another number, and the same name
TYPE = re.compile(r"dev\.interlock\.[a-z]+\.([A-Za-z]+)\.v[0-9]+")


def show(event):
    headers = {name: value.decode() for name, value in event.headers() or []}
    found = TYPE.fullmatch(headers.get("ce_type", ""))
    if found and found[1] in TYPES and event.value() is not None:
        print(headers.get("ce_time"), found[1], event.key().decode(), event.value().decode(), flush=True)


def main():
    arguments = [word for word in sys.argv[1:] if not word.startswith("--")]
    until_end = "--until-end" in sys.argv
    consumer = Consumer({
        "bootstrap.servers": arguments[0] if arguments else "127.0.0.1:8086",
        "group.id": "needs-a-person-python",  # the group remembers how far it was
        "auto.offset.reset": "earliest",
        "enable.auto.commit": False,
        "enable.partition.eof": until_end,
    })
    unfinished = set()
    if until_end:
        known = consumer.list_topics(timeout=20).topics
        unfinished = {(topic, number) for topic in TOPICS for number in known[topic].partitions}
        consumer.assign([TopicPartition(topic, number, OFFSET_BEGINNING) for topic, number in unfinished])
    else:
        consumer.subscribe(TOPICS)
    try:
        while unfinished or not until_end:
            event = consumer.poll(1)
            if event is None:
                continue
            if event.error():
                if event.error().code() != KafkaError._PARTITION_EOF:
                    raise KafkaException(event.error())
                unfinished.discard((event.topic(), event.partition()))
                continue
            show(event)
            if not until_end:
                # only now: an event that was not shown because we died is shown after the restart
                consumer.commit(event, asynchronous=False)
    except KeyboardInterrupt:
        pass
    finally:
        consumer.close()


if __name__ == "__main__":
    main()
