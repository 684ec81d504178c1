"""Connectors, which bring evidence in from admin APIs, and exports, which take findings out.

One file or small folder per system. None is here yet: logs are read by ``scanner.logs``.
"""
