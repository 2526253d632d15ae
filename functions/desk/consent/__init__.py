"""At the desk: what wants the consent of a second person (law 11), an overseer, a custodian or the reporter."""
