import gc

import pytest

from flake8_tf2 import collector


def test_paused_restores_what_was():
    assert gc.isenabled()
    with collector.paused():
        assert not gc.isenabled()
        with collector.paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_paused_restores_after_an_error():
    with pytest.raises(ValueError), collector.paused():
        raise ValueError
    assert gc.isenabled()


def test_seldom_restores_the_threshold():
    before = gc.get_threshold()
    with collector.seldom():
        assert gc.get_threshold() == collector.SELDOM
    assert gc.get_threshold() == before
