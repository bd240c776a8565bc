"""What programs play and record on Windows: the audio sessions of every active device, through pycaw.

Written against pycaw 20260927's documented interface and tested with that interface faked; never run on a real Windows.
"""

from __future__ import annotations

from typing import Any

from voicecare.audio.devices.telephone import Sound

ACTIVE = 1
"""AudioSessionStateActive."""


def sounds() -> list[Sound] | None:
    """List the sessions; None where pycaw is missing or Windows tells nothing."""
    try:
        from pycaw import constants, pycaw
    except ImportError:
        return None
    try:
        return [
            sound
            for flow, records in ((constants.EDataFlow.eRender, False), (constants.EDataFlow.eCapture, True))
            for device in pycaw.AudioUtilities.GetAllDevices(flow.value, constants.DEVICE_STATE.ACTIVE.value)
            for sound in _of_device(pycaw, device, records=records)
        ]
    except OSError:  # comtypes' COMError is one
        return None


def _of_device(pycaw: Any, device: Any, *, records: bool) -> list[Sound]:  # noqa: ANN401 - pycaw has no types
    enumerator = device.AudioSessionManager.GetSessionEnumerator()
    found: list[Sound] = []
    for index in range(enumerator.GetCount()):
        session = pycaw.AudioSession(enumerator.GetSession(index).QueryInterface(pycaw.IAudioSessionControl2))
        if not session.ProcessId or session.Process is None:  # the system's own sounds
            continue
        name = str(session.Process.name())
        found.append(
            Sound(
                index=int(session.ProcessId),
                group=name.casefold(),  # a browser's sound may come from a process of its own
                program=name,
                client=name.rpartition(".")[0] or name,
                records=records,
                corked=session.State != ACTIVE,
                device=str(device.FriendlyName),
            )
        )
    return found
