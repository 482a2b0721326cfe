//! Accessible page components, from plain data.
