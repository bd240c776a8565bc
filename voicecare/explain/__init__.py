"""Why was something told, or not told? A session read again around one moment."""
