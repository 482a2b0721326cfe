//! Questions with all their answers in sight: one of them, or any of them.

use maud::{Markup, Render, html};

use crate::field::Choice;
use crate::text::text;

/// How many answers may be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Most {
    One,
    Any,
}

/// A question as a group of radio buttons or check boxes, with its legend, hint and error.
#[derive(Debug, Clone, Copy)]
pub struct Choices<'a> {
    id: &'a str,
    legend: &'a str,
    hint: Option<&'a str>,
    error: Option<&'a str>,
    options: &'a [Choice<'a>],
    chosen: &'a [&'a str],
    most: Most,
}

impl<'a> Choices<'a> {
    /// One answer of these.
    pub fn one(id: &'a str, legend: &'a str, options: &'a [Choice<'a>]) -> Self {
        Self { id, legend, hint: None, error: None, options, chosen: &[], most: Most::One }
    }

    /// Any number of these answers.
    pub fn any(id: &'a str, legend: &'a str, options: &'a [Choice<'a>]) -> Self {
        Self { most: Most::Any, ..Self::one(id, legend, options) }
    }

    /// Says beforehand what is expected.
    pub fn hint(self, hint: &'a str) -> Self {
        Self { hint: Some(hint), ..self }
    }

    /// Says afterwards what was wrong and what to do.
    pub fn error(self, error: Option<&'a str>) -> Self {
        Self { error, ..self }
    }

    /// What is chosen already.
    pub fn chosen(self, chosen: &'a [&'a str]) -> Self {
        Self { chosen, ..self }
    }

    fn described_by(&self) -> Option<String> {
        let hint = self.hint.map(|_| format!("{}-hint", self.id));
        let error = self.error.map(|_| format!("{}-error", self.id));
        let both: Vec<String> = hint.into_iter().chain(error).collect();
        (!both.is_empty()).then(|| both.join(" "))
    }

    /// The first answer has the group's own id, so that a link to the question lands on something that can be used.
    fn option(&self, place: usize, option: &Choice<'_>) -> Markup {
        let id = if place == 0 { self.id.to_owned() } else { format!("{}-{place}", self.id) };
        let checked = self.chosen.contains(&option.value);
        let name = self.id;
        match self.most {
            Most::One => html! {
                div .house-choice {
                    input #(id) type="radio" name=(name) value=(option.value) checked[checked];
                    label for=(id) { (text(option.label)) }
                }
            },
            Most::Any => html! {
                div .house-choice {
                    input #(id) type="checkbox" name=(name) value=(option.value) checked[checked];
                    label for=(id) { (text(option.label)) }
                }
            },
        }
    }
}

impl Render for Choices<'_> {
    fn render(&self) -> Markup {
        let Self { id, legend, hint, error, options, .. } = *self;
        html! {
            fieldset .usa-fieldset .usa-form-group .usa-form-group--error[error.is_some()]
                aria-describedby=[self.described_by()] {
                legend .usa-legend { (text(legend)) }
                @if let Some(hint) = hint { p .usa-hint #{ (id) "-hint" } { (text(hint)) } }
                @if let Some(error) = error { p .usa-error-message #{ (id) "-error" } role="alert" { (text(error)) } }
                @for (place, option) in options.iter().enumerate() { (self.option(place, option)) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWERS: [Choice<'static>; 2] =
        [Choice { value: "yes", label: "Yes" }, Choice { value: "no", label: "No" }];

    #[test]
    fn a_question_is_read_with_its_legend_hint_and_error() {
        let asked =
            Choices::one("viewed", "Was it viewed?", &ANSWERS).hint("All of it.").error(Some("Choose one."));
        let page = asked.chosen(&["no"]).render().into_string();
        let group = "aria-describedby=\"viewed-hint viewed-error\"><legend class=\"usa-legend\">Was it viewed?</legend>";
        assert!(page.contains(group), "{page}");
        // The first answer is where a link to the question lands.
        assert!(page.contains("id=\"viewed\" type=\"radio\" name=\"viewed\" value=\"yes\">"), "{page}");
        assert!(
            page.contains("id=\"viewed-1\" type=\"radio\" name=\"viewed\" value=\"no\" checked>"),
            "{page}"
        );
    }

    #[test]
    fn several_answers_can_stand_together() {
        let page = Choices::any("marks", "Marks", &ANSWERS).chosen(&["yes", "no"]).render().into_string();
        assert_eq!(page.matches("type=\"checkbox\"").count(), 2);
        assert_eq!(page.matches(" checked").count(), 2);
    }
}
