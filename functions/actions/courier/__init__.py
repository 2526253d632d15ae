"""What the courier does: mint links, deliver mail and SMS, talk to other systems."""
