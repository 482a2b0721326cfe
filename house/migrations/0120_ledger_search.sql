-- Refusals are counted by day for those who look after the ledger. They are few beside everything else, so that their
-- index costs nothing where reports come in.
CREATE INDEX ledger_leaf_refused ON ledger_leaf (id)
    WHERE kind IN ('access-refused', 'sign-in-refused', 'view-refused', 'passkey-refused', 'code-refused', 'refusals-counted');
