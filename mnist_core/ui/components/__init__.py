"""The parts a page is made of: each knows how to show plain data, and nothing of models, runs or stores.

A part that needs the browser lives in three files of one name: `canvas.py` says what it takes and gives,
`canvas.js` and `canvas.css` are what the browser gets; `part.js` is what all of them have in common.
"""
