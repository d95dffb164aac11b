"""What pages are built from: widgets made from the tables of settings, prose, live views."""
