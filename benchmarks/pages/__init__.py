"""Measurements of pages: in the browser, over HTTP, and beside a bare page."""
