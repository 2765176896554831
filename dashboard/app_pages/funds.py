"""Funds: cards of indicators, or one opened."""

from dashboard.app_pages.parts.indicators import show

show("funds")
