"""Plotly figures as pure functions: arrays in, `go.Figure` out."""
