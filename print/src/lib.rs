//! Pages: flowing text and tables as tagged PDF with the same bytes every time.
