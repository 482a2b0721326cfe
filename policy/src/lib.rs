//! Judgements: pure, with reasons, from rules that are data.
