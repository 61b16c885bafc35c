"""The day's entry as a hand does it on a phone: every tap and every key is counted, no time is measured."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from .office import TODAY, Office, Visitor, heading

Meet = Callable[..., Visitor]

MOST = 25
ORDINARY = {
    "recorded": 18,
    "printed_prr": 16,
    "printed_replacement": 4,
    "blanks_received": 0,
    "blanks_spoiled": 1,
}


class Hand:
    """A thumb on a phone: taps what is to be seen, types what is asked for."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def tap(self, name: str, role: str = "button") -> None:
        self.page.get_by_role(role, name=name).click()  # type: ignore[arg-type]
        self.count += 1

    def tap_box(self, name: str) -> None:
        self.page.locator(f"[name={name}]").click()
        self.count += 1

    def type(self, text: str) -> None:
        for key in text:
            self.page.keyboard.press(key)
            self.count += 1

    def enter(self) -> None:
        self.page.keyboard.press("Enter")
        self.count += 1


def day_form(kecamatan: str) -> str:
    return f"/recordings/kec-35.16.{kecamatan}/{TODAY}/edit"


def left(office: Office, kecamatan: str) -> int:
    """Blanks that should be left tonight after the ordinary day."""
    ((before,),) = office.rows(
        "SELECT blanks_left FROM report WHERE point_code = ? AND service_date = '2024-10-18'", f"kec-35.16.{kecamatan}"
    )
    return int(before) - 16 - 4 - 1


def kept(office: Office, kecamatan: str) -> list[tuple[int, ...]]:
    return office.rows(
        "SELECT recorded, printed_prr, printed_replacement, blanks_received, blanks_spoiled, blanks_left "
        "FROM report WHERE point_code = ? AND service_date = ?",
        f"kec-35.16.{kecamatan}",
        TODAY,
    )


def test_an_ordinary_day_on_a_phone_takes_few_taps(office: Office, meet: Meet) -> None:
    page = meet("ngoro").open("/today")
    page.set_viewport_size({"width": 390, "height": 800})
    sisa = left(office, "05")
    hand = Hand(page)
    hand.tap("Isi laporan hari ini", "link")
    hand.tap_box("recorded")
    for name, number in (ORDINARY | {"blanks_left": sisa}).items():
        expect(page.locator(f"[name={name}]")).to_be_focused()
        hand.type(str(number))
        if name != "blanks_left":
            hand.enter()
    hand.tap("Kirim laporan")
    expect(page.locator("#flashes")).to_contain_text("Tanda terima")
    assert kept(office, "05") == [(*ORDINARY.values(), sisa)]
    assert hand.count <= MOST, f"{hand.count} taps and keys"


def test_the_whole_day_with_the_keyboard_alone(office: Office, meet: Meet) -> None:
    """No pointer: Tab to the first box, Enter from box to box and on to the button, Enter to send."""
    page = meet("dlanggu").open(day_form("09"))
    sisa = left(office, "09")
    hand = Hand(page)
    page.locator("[name=kind]").first.focus()
    page.keyboard.press("Tab")
    for number in (*ORDINARY.values(), sisa):
        hand.type(str(number))
        hand.enter()
    expect(page.locator("[name=note]")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Kirim laporan")).to_be_focused()
    hand.enter()
    expect(page.locator("#flashes")).to_contain_text("Tanda terima")
    assert kept(office, "09") == [(*ORDINARY.values(), sisa)]


def test_a_typo_is_passed_with_the_keyboard_or_mended(office: Office, meet: Meet) -> None:
    page = meet("puri").open(day_form("11"))
    page.locator("[name=recorded]").fill("220")
    page.get_by_role("button", name="Kirim laporan").click()
    heading(page, "Periksa sebelum dikirim")
    expect(page.get_by_text("Anda menulis 220")).to_be_visible()
    page.locator("[name=passed-note-1]").press("Enter")  # sends nothing: Enter in a note goes back to the form
    expect(page.locator("[name=recorded]")).to_have_value("220")
    assert kept(office, "11") == []
    page.get_by_role("button", name="Kirim laporan").click()
    button = page.get_by_role("button", name="Angka ini benar")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#flashes")).to_contain_text("Tanda terima")
    assert kept(office, "11")[0][0] == 220


def test_folded_boxes_lose_nothing(meet: Meet) -> None:
    page = meet("bangsal").open(day_form("10"))
    page.locator("#more-siak summary").click()
    page.locator("[name=prr]").fill("1,5")
    page.locator("#more-siak summary").click()
    page.locator("[name=recorded]").fill("15")
    page.get_by_role("button", name="Kirim laporan").click()
    expect(page.locator("#error-summary")).to_be_focused()
    expect(page.locator("[name=prr]")).to_be_visible()
    expect(page.locator("[name=prr]")).to_have_value("1,5")


def test_the_state_line_follows_the_hand_and_the_signal(meet: Meet) -> None:
    page = meet("pacet").open(day_form("03"))
    state = page.locator(".send-bar [role=status]")
    expect(state).to_have_text("Belum dikirim")
    page.context.set_offline(True)
    expect(state).to_have_text("Menunggu sinyal")
    page.context.set_offline(False)
    expect(state).to_have_text("Belum dikirim")
    page = meet("sooko").open("/recordings/kec-35.16.13/2024-10-18/edit")
    state = page.locator(".send-bar [role=status]")
    expect(state).to_contain_text("Tersimpan di server")
    page.locator("[name=recorded]").fill("31")
    expect(state).to_have_text("Belum dikirim")
