"""A message that is sent once, whoever comes to send it."""

from chalicelib.aws.ledger import Claim, Ledger
from chalicelib.aws.topic import Topic
from chalicelib.messages.tuning import Message


def tell_once(ledger: Ledger, topic: Topic, message: Message, now: float) -> bool:
    """Claim, send, mark. Only a crash between the last two repeats a message, under the same id. False: somebody
    else is at it, who may die before it is sent."""
    claim = ledger.claim(message.id, now)
    if claim is Claim.MINE:
        topic.publish(message)
        ledger.mark_sent(message.id)
    return claim is not Claim.TAKEN
