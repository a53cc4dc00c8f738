"""Why a model is wrong: readings of single digits and evaluations of whole test sets."""
