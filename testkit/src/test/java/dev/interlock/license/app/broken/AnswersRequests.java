package dev.interlock.license.app.broken;

import io.micronaut.http.annotation.Controller;

/** Breaks: controllers live in adapter.http. */
@Controller
class AnswersRequests {}
