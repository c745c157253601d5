"""Reports: what was judged, for a terminal, a browser, a CI server and other programs."""
