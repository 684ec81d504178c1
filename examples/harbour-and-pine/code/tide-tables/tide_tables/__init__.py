"""Tables of the tides. (An idea was to ask OpenAI for a nicer wording; nobody did.)"""
