"""The settings page, made from the table of settings. Changes apply at once."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.ui.choice import ChoiceBox, NumberBox
from app.ui.controls import quiet_label
from app.ui.language import translate
from app.ui.preferences import Preferences
from app.ui.scrolling import scrolled
from app.ui.settings import SETTINGS, Setting, Value
from app.ui.switch import Switch

Control = QCheckBox | QComboBox | QSpinBox


class SettingsPage(QDialog):
    """Shows every setting with its help text; not modal.

    Args:
        parent: The window.
        preferences: Where settings are stored.
        changed: Called with the key of each changed setting.
    """

    def __init__(self, parent: QWidget, preferences: Preferences, changed: Callable[[str], object]) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(translate("settings", "Settings"))
        self.resize(620, 680)
        self._preferences = preferences
        self._changed = changed
        self.controls: dict[str, Control] = {}
        inside = QWidget()
        page = QVBoxLayout(inside)
        page.setContentsMargins(28, 20, 16, 16)
        page.setSpacing(8)
        for group in dict.fromkeys(setting.group for setting in SETTINGS):
            heading = QLabel(translate("settings", group))
            heading.setObjectName("heading")
            page.addWidget(heading)
            page.addLayout(self._form([setting for setting in SETTINGS if setting.group == group]))
            page.addSpacing(10)
        page.addStretch(1)
        # Not a QDialogButtonBox: with a style sheet, Tab skips its first button.
        self.defaults, close = (
            QPushButton(translate("settings", "Reset to defaults")),
            QPushButton(translate("settings", "Close")),
        )
        self.defaults.setAutoDefault(False)
        self.defaults.clicked.connect(self.reset)
        close.setDefault(True)
        close.clicked.connect(self.close)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(scrolled(inside), 1)
        foot = QWidget()
        foot.setObjectName("foot")
        foot.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        below = QHBoxLayout(foot)
        below.setContentsMargins(28, 12, 28, 12)
        below.addWidget(self.defaults)
        below.addStretch(1)
        below.addWidget(close)
        rows.addWidget(foot)

    def reset(self) -> None:
        """Reset every setting to its default."""
        before = {setting.key: self._preferences.value(setting.key) for setting in SETTINGS}
        self._preferences.reset()
        for setting in SETTINGS:
            _show(self.controls[setting.key], setting, setting.default)
            if before[setting.key] != setting.default:
                self._changed(setting.key)

    def _form(self, settings: list[Setting]) -> QFormLayout:
        form = QFormLayout()
        form.setHorizontalSpacing(18)
        form.setVerticalSpacing(10)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        for setting in settings:
            control = self._control(setting)
            self.controls[setting.key] = control
            words = translate("settings", setting.help)
            control.setAccessibleName(translate("settings", setting.title))
            control.setAccessibleDescription(words)
            message = quiet_label(words)
            field = QVBoxLayout()
            field.setSpacing(3)
            field.addWidget(control)
            field.addWidget(message)
            if isinstance(control, QCheckBox):
                message.setContentsMargins(Switch.TEXT, 0, 0, 0)
                form.addRow(field)
            else:
                name = QLabel(translate("settings", setting.title))
                name.setMinimumWidth(170)
                name.setBuddy(control)
                form.addRow(name, field)
        return form

    def _control(self, setting: Setting) -> Control:
        value = self._preferences.value(setting.key)
        if setting.kind == "switch":
            switch = Switch(translate("settings", setting.title))
            _show(switch, setting, value)
            switch.toggled.connect(lambda on: self._keep(setting, on))
            return switch
        if setting.kind == "number":
            number = NumberBox()
            number.setRange(setting.least, setting.most)
            if setting.unit:
                number.setSuffix(f" {translate('settings', setting.unit)}")
            number.setKeyboardTracking(False)
            _show(number, setting, value)
            number.valueChanged.connect(lambda new: self._keep(setting, new))
            return number
        choice = ChoiceBox()
        for kept, text in setting.options():
            choice.addItem(translate("settings", text), kept)
        _show(choice, setting, value)
        choice.currentIndexChanged.connect(lambda row: self._keep(setting, choice.itemData(row)))
        return choice

    def _keep(self, setting: Setting, value: Value) -> None:
        if value != self._preferences.value(setting.key):
            self._preferences.keep(setting.key, value)
            self._changed(setting.key)


def _show(control: Control, setting: Setting, value: Value) -> None:
    """Show a value without signalling a change; a value that is not among a choice's options is added."""
    blocked = control.blockSignals(True)
    if isinstance(control, QCheckBox):
        control.setChecked(bool(value))
    elif isinstance(control, QSpinBox):
        control.setValue(int(value))
    else:
        if control.findData(value) < 0:
            control.addItem(str(value), value)
        control.setCurrentIndex(control.findData(value))
    control.blockSignals(blocked)
