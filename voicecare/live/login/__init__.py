"""Starting with the desktop: an entry in the user's own folder, written and removed by `voicecare live`."""
