"""What the desk calls itself, its views and their empty states, for each role."""

from functions.actions.officer.lists.desk_views import View
from functions.actions.officer.views import Count, Today
from functions.casework.directory.agencies import Role
from functions.web.language import gettext, ngettext
from functions.web.wording import N_

DESKS = {
    Role.INSPECTOR: N_("Meja Inspektorat hari ini"),
    Role.CENTRE: N_("Meja pusat hari ini"),
    Role.OVERSEER: N_("Meja pengawas hari ini"),
}
DESK = N_("Meja hari ini")
CHIPS = {
    View.NEW: N_("Baru"),
    View.LATE: N_("Terlambat"),
    View.TODAY: N_("Hari ini"),
    View.WAITING: N_("Menunggu pelapor"),
    View.MINE: N_("Milik saya"),
    View.ALL: N_("Semua"),
}
TO_DECIDE = N_("Menunggu keputusan Anda")
EMPTY = {
    View.NEW: N_("Tidak ada laporan baru. Yang baru muncul di sini dengan sendirinya."),
    View.LATE: N_("Tidak ada laporan terlambat."),
    View.TODAY: N_("Tidak ada laporan dengan batas waktu hari ini."),
    View.WAITING: N_("Tidak ada laporan yang menunggu jawaban pelapor."),
    View.MINE: N_("Belum ada. Buka sebuah laporan, lalu tekan “Saya tangani”."),
    View.ALL: N_(
        "Belum ada laporan di sini. Email akan datang bila ada yang baru; tidak perlu menunggu di halaman ini."
    ),
}
NOTHING_TO_DECIDE = N_("Tidak ada permintaan yang menunggu keputusan Anda.")
SORTS = {"due": N_("batas waktu"), "received": N_("hari masuk"), "topic": N_("topik")}


def desk_name(role: Role) -> str:
    """Return what a role's desk is called."""
    return gettext(DESKS.get(role, DESK))


def heading(today: Today, role: Role) -> str:
    """Return the heading: how many cases wait, or what else does. It never says that nothing waits while something
    does."""
    desk, count = desk_name(role), today.waiting
    if count.more:
        return gettext(N_("{desk}: lebih dari {count} laporan")).format(desk=desk, count=count.number)
    if count.number:
        said = ngettext("{desk}: {count} laporan", "{desk}: {count} laporan", count.number)
        return said.format(desk=desk, count=count.number)
    if today.quarantine:
        return gettext(N_("{desk}: ada laporan di karantina")).format(desk=desk)
    if today.second:
        return gettext(N_("{desk}: ada laporan yang ikut Anda tangani")).format(desk=desk)
    return gettext(N_("{desk}: tidak ada yang menunggu")).format(desk=desk)


def chip_name(view: View, role: Role) -> str:
    """Return what a view is called."""
    return gettext(TO_DECIDE if view is View.NEW and role is Role.OVERSEER else CHIPS[view])


def empty(view: View, role: Role) -> str:
    """Return what an empty view says."""
    return gettext(NOTHING_TO_DECIDE if role is Role.OVERSEER and view is not View.LATE else EMPTY[view])


def counted(count: Count) -> str:
    """Return a count as people read it."""
    return f"{count.number}+" if count.more else str(count.number)
