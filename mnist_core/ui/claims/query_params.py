"""Which claim is looked at: the one in the page's address, so that a link shows a class the same thing."""

import streamlit as st

from mnist_core.ui.claims import claim_results
from mnist_core.ui.claims.claim_results import Tested
from mnist_core.ui.common import messages

_PARAMETER = "claim"
_TOLD = "causes_address"


def chosen() -> Tested | None:
    """The claim that the address names; None for all of them. A claim that does not exist is said."""
    claim_id = st.query_params.get(_PARAMETER)
    _tell_the_browser(claim_id)
    found = claim_results.find(claim_id) if claim_id else None
    if claim_id and found is None:
        messages.show_notices([f"There is no claim “{claim_id[:40]}”: these are all."])
    return found


def _tell_the_browser(claim_id: str | None) -> None:
    """Of a link from a page to the same page, the browser runs the page, but leaves its own address as it was."""
    if st.session_state.get(_TOLD, claim_id) != claim_id:
        st.query_params.from_dict(st.query_params.to_dict())
    st.session_state[_TOLD] = claim_id
