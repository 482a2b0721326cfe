//! Inputs. There is no way to make one without a label.

use maud::{Markup, Render, html};

use crate::text::text;

/// What is typed or chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind<'a> {
    /// One line.
    Text,
    /// Something to look for.
    Search,
    /// A day.
    Date,
    /// A mail address.
    Email,
    /// A telephone number.
    Telephone,
    /// A file to send along, in a form of [`crate::post_files`].
    File,
    /// Several lines, shown at this height.
    Lines(u8),
    /// One of these; the value that equals the field's value is selected.
    Choice(&'a [Choice<'a>]),
}

/// One answer of a [`Kind::Choice`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice<'a> {
    /// What is sent.
    pub value: &'a str,
    /// What is read.
    pub label: &'a str,
}

/// A labelled input with its hint and its error, both spoken with it.
///
/// The label is an argument of the only constructor, so this does not compile:
///
/// ```compile_fail
/// let unlabelled = ui::Field { id: "q" };
/// ```
///
/// and this does:
///
/// ```
/// use maud::Render;
/// let labelled = ui::Field::new("q", "Search").hint("Name or number").render();
/// assert!(labelled.into_string().contains("<label class=\"usa-label\" for=\"q\">Search</label>"));
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Field<'a> {
    id: &'a str,
    name: &'a str,
    label: &'a str,
    hint: Option<&'a str>,
    error: Option<&'a str>,
    value: &'a str,
    kind: Kind<'a>,
    required: bool,
    autocomplete: Option<&'a str>,
}

impl<'a> Field<'a> {
    /// A line of text named `id`, unless [`Field::named`] says otherwise.
    ///
    /// # Panics
    ///
    /// If the label is blank: labels are words of our source.
    pub fn new(id: &'a str, label: &'a str) -> Self {
        assert!(!label.trim().is_empty(), "an input has a label");
        let (hint, error, autocomplete) = (None, None, None);
        Self { id, name: id, label, hint, error, value: "", kind: Kind::Text, required: false, autocomplete }
    }

    /// Sends it under another name than its id, where a page has several forms with the same field.
    pub fn named(self, name: &'a str) -> Self {
        Self { name, ..self }
    }

    /// Says beforehand what is expected.
    pub fn hint(self, hint: &'a str) -> Self {
        Self { hint: Some(hint), ..self }
    }

    /// Says afterwards what was wrong and what to do.
    pub fn error(self, error: Option<&'a str>) -> Self {
        Self { error, ..self }
    }

    /// What stands in it already.
    pub fn value(self, value: &'a str) -> Self {
        Self { value, ..self }
    }

    /// Something else than a line of text.
    pub fn kind(self, kind: Kind<'a>) -> Self {
        Self { kind, ..self }
    }

    /// It must be filled.
    pub fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// What a browser may fill in by itself, as the `autocomplete` attribute spells it.
    pub fn autocomplete(self, autocomplete: &'a str) -> Self {
        Self { autocomplete: Some(autocomplete), ..self }
    }

    /// The identifiers of hint and error, where there are any.
    fn described_by(&self) -> Option<String> {
        let hint = self.hint.map(|_| format!("{}-hint", self.id));
        let error = self.error.map(|_| format!("{}-error", self.id));
        let both: Vec<String> = hint.into_iter().chain(error).collect();
        (!both.is_empty()).then(|| both.join(" "))
    }

    fn input(&self) -> Markup {
        let Self { id, name, value, required, autocomplete, .. } = *self;
        let described = self.described_by();
        let invalid = self.error.map(|_| "true");
        let line = |kind: &str| {
            html! {
                input #(id) .usa-input .usa-input--error[invalid.is_some()] name=(name) type=(kind) value=(value)
                    required[required] autocomplete=[autocomplete] aria-describedby=[&described] aria-invalid=[invalid];
            }
        };
        match self.kind {
            Kind::Text => line("text"),
            Kind::Search => line("search"),
            Kind::Date => line("date"),
            Kind::Email => line("email"),
            Kind::Telephone => line("tel"),
            Kind::File => html! {
                input #(id) .house-file .usa-input--error[invalid.is_some()] name=(name) type="file"
                    required[required] aria-describedby=[&described] aria-invalid=[invalid];
            },
            // A browser drops the first line break of a textarea, so one is given to it.
            Kind::Lines(rows) => html! {
                textarea #(id) .usa-textarea .usa-input--error[invalid.is_some()] name=(name) rows=(rows)
                    required[required] aria-describedby=[&described] aria-invalid=[invalid] { "\n" (value) }
            },
            Kind::Choice(choices) => html! {
                select #(id) .usa-select .usa-input--error[invalid.is_some()] name=(name)
                    required[required] aria-describedby=[&described] aria-invalid=[invalid] {
                    @for choice in choices {
                        option value=(choice.value) selected[choice.value == value] { (choice.label) }
                    }
                }
            },
        }
    }
}

impl Render for Field<'_> {
    fn render(&self) -> Markup {
        let Self { id, label, hint, error, .. } = *self;
        html! {
            div .usa-form-group .usa-form-group--error[error.is_some()] {
                label .usa-label for=(id) { (label) }
                @if let Some(hint) = hint { p .usa-hint #{ (id) "-hint" } { (text(hint)) } }
                @if let Some(error) = error {
                    p .usa-error-message #{ (id) "-error" } role="alert" { (text(error)) }
                }
                (self.input())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hint_and_error_are_spoken_with_the_input() {
        let field = Field::new("day", "Day")
            .hint("Of receipt")
            .error(Some("no such day"))
            .kind(Kind::Date)
            .required();
        let expected = "<div class=\"usa-form-group usa-form-group--error\">\
            <label class=\"usa-label\" for=\"day\">Day</label><p class=\"usa-hint\" id=\"day-hint\">Of receipt</p>\
            <p class=\"usa-error-message\" id=\"day-error\" role=\"alert\">no such day</p>\
            <input class=\"usa-input usa-input--error\" id=\"day\" name=\"day\" type=\"date\" value=\"\" required \
            aria-describedby=\"day-hint day-error\" aria-invalid=\"true\"></div>";
        assert_eq!(field.render().into_string(), expected);
    }

    #[test]
    fn a_plain_input_is_described_by_nothing() {
        let expected = "<div class=\"usa-form-group\"><label class=\"usa-label\" for=\"q\">Search</label>\
            <input class=\"usa-input\" id=\"q\" name=\"q\" type=\"text\" value=\"\"></div>";
        assert_eq!(Field::new("q", "Search").render().into_string(), expected);
    }

    #[test]
    fn a_value_from_a_stranger_stays_in_its_attribute() {
        let shown = Field::new("q", "Search").value("\"><script>").render().into_string();
        assert!(shown.contains("value=\"&quot;&gt;&lt;script&gt;\""));
        let lines =
            Field::new("q", "Note").value("</textarea><script>").kind(Kind::Lines(3)).render().into_string();
        assert!(lines.contains("rows=\"3\">\n&lt;/textarea&gt;&lt;script&gt;</textarea>"));
    }

    #[test]
    fn the_chosen_answer_is_selected() {
        let choices = [Choice { value: "", label: "Any" }, Choice { value: "new", label: "New" }];
        let shown =
            Field::new("state", "State").kind(Kind::Choice(&choices)).value("new").render().into_string();
        let expected = "<select class=\"usa-select\" id=\"state\" name=\"state\"><option value=\"\">Any</option>\
            <option value=\"new\" selected>New</option></select>";
        assert!(shown.contains(expected));
    }

    #[test]
    #[should_panic(expected = "an input has a label")]
    fn a_blank_label_is_no_label() {
        Field::new("q", " ");
    }
}
