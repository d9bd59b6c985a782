package dev.interlock.upgrade.adapter.json;

import dev.interlock.upgrade.app.PlanForm;
import dev.interlock.upgrade.domain.Plan;
import jakarta.inject.Singleton;

@Singleton
final class CanonicalJson implements PlanForm {
    @Override
    public String canonical(Plan plan) {
        return Json.canonical(plan);
    }

    @Override
    public String hash(String canonical) {
        return Json.hash(canonical);
    }
}
