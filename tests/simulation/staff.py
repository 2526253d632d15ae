"""Officers and custodians of the simulated office."""

from datetime import timedelta

from functions.casework.directory.agencies import Role
from tests.simulation.office import Office


def sorts(office: Office) -> None:
    """A coordinator hands over, archives, asks back."""
    if at := office.at(Role.COORDINATOR, Role.CENTRE):
        viewer, case_id = at
        handle, choice = office.world.handle, office.random.random()
        if choice < 0.7:
            targets = office.patiently(lambda: office.world.cases.read(viewer, case_id)).targets
            to = office.random.choice(targets).code if targets else "x"
            office.patiently(lambda: handle.handover(viewer, case_id, to, "Tugas dinas."))
        else:
            stage = office.random.choice(("diverifikasi", "ditahan", "ditahan", "diarsipkan"))
            office.patiently(lambda: handle.set_stage(viewer, case_id, stage, "Di mana tepatnya?"))


def answers(office: Office) -> None:
    """A unit answers, asks back, closes."""
    if at := office.at(Role.OFFICER, Role.INSPECTOR, Role.COORDINATOR):
        viewer, case_id = at
        handle, choice = office.world.handle, office.random.random()
        office.count += 1
        if choice < 0.4:
            words, key = "Terima kasih, sedang kami periksa.", f"jawab{office.count:08}"
            office.patiently(lambda: handle.reply(viewer, case_id, words, key))
        elif choice < 0.6:
            handle.set_stage(viewer, case_id, office.random.choice(("diproses", "ditahan", "ditahan")), "Di km berapa?")
        else:
            office.patiently(lambda: handle.close(viewer, case_id, "dijelaskan", "Sudah kami jelaskan."))


def adds(office: Office) -> None:
    """A unit sends a file, or says until when it takes."""
    if at := office.at(Role.OFFICER, Role.COORDINATOR):
        viewer, case_id = at
        office.count += 1
        if office.random.random() < 0.7:
            key = f"surat{office.count:08}"
            office.patiently(lambda: office.world.handle.attach(viewer, case_id, b"Surat balasan", key))
        else:
            until = office.world.today + timedelta(days=office.random.randint(5, 40))
            office.world.handle.extend(viewer, case_id, until.isoformat(), "Menunggu suku cadang.")


def opens(office: Office) -> None:
    """An officer opens a case, and a file of it."""
    if at := office.at(Role.OFFICER, Role.COORDINATOR, Role.INSPECTOR):
        seen = office.world.cases.read(*at)
        if files := [file.n for message in seen.messages for file in message.files]:
            office.world.cases.file(*at, office.random.choice(files))


def custodians(office: Office) -> None:
    """A custodian asks for a name, looks, opens, refuses."""
    if at := office.at(Role.CUSTODIAN):
        viewer, case_id = at
        what = office.random.choice((office.custody.ask, office.custody.open, office.custody.refuse, None))
        if what:
            what(viewer, case_id, "Tanpa namanya hak jawab tidak dapat dipenuhi.")
        else:
            office.custody.look(viewer, case_id)
