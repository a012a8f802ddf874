"""Forms of the public pages: they shape and clean input, and never write."""

from applications.forms.answers import AnswersForm, LongTextField, RequestedAnswers
from applications.forms.begin import BeginForm, EligibilityForm, eligibility_questions
from applications.forms.chapters import ChapterForm, Form
from applications.forms.questions import PREFIX, AnswerField, fields_of, given_in
from applications.forms.requested import Asked, asked_of
from applications.forms.spam import opened_now

__all__ = [
    "PREFIX",
    "AnswerField",
    "AnswersForm",
    "Asked",
    "BeginForm",
    "ChapterForm",
    "EligibilityForm",
    "Form",
    "LongTextField",
    "RequestedAnswers",
    "asked_of",
    "eligibility_questions",
    "fields_of",
    "given_in",
    "opened_now",
]
