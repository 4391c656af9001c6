/** What runs the Python scripts of a bench: the packages that it needs must be there. */
export const { EMOEDITOR_PYTHON: PYTHON = 'python3' } = process.env;
