package kadun.peers.swipe5;

import java.util.ArrayList;
import java.util.List;

/** The five rules of the job, in the order of a decision's `ruleHits`. */
public final class Judge {
    private static final double EARTH_DIAMETER_KM = 2 * 6371.0;
    private static final double RADIANS_PER_DEGREE = Math.PI / 180;
    private static final double HOUR_MS = 3_600_000;
    private static final int MOST_HITS = 5;

    private Judge() {}

    /** Takes the swipe into the person's state, which the caller stores, and answers it. */
    public static Decision judge(Swipe swipe, PersonState person, boolean isLost, long nowMs) {
        List<String> hits = new ArrayList<>(MOST_HITS);
        if (isLost) {
            hits.add("LOST");
        }
        if (isTooFast(swipe, person)) {
            hits.add("TRAVEL");
        }
        person.moveTo(swipe);
        if (hasTooManyWrongPins(swipe, person)) {
            hits.add("WRONG_PINS");
        }
        if (isSplit(swipe, person)) {
            hits.add("SPLIT");
        }
        if (isTooFrequent(swipe, person)) {
            hits.add("FREQUENT");
        }
        return new Decision(swipe.eventId, swipe.psnNo, actionOf(hits), hits, nowMs);
    }

    private static boolean isTooFast(Swipe swipe, PersonState person) {
        if (!person.hasSwiped) {
            return false;
        }
        double km = distanceKm(person.lng, person.lat, swipe.lng, swipe.lat);
        if (km < Limits.TRAVEL_KM_MIN) {
            return false;
        }
        double hours = (swipe.eventTime - person.lastTime) / HOUR_MS;
        return hours <= 0 || km / hours > Limits.TRAVEL_KMH_MAX;
    }

    private static boolean hasTooManyWrongPins(Swipe swipe, PersonState person) {
        if ("FAIL".equals(swipe.pinResult)) {
            person.addWrongPin(swipe.eventTime);
        }
        return person.wrongPinCount == Limits.WRONG_PINS_MIN
                && swipe.eventTime - person.wrongPins[0] <= Limits.WRONG_PINS_MS;
    }

    private static boolean isSplit(Swipe swipe, PersonState person) {
        boolean isInRange = "PURCHASE".equals(swipe.eventType)
                && swipe.medfeeSumFen >= Limits.PURCHASE_FEN_MIN
                && swipe.medfeeSumFen <= Limits.PURCHASE_FEN_MAX;
        if (!isInRange) {
            return false;
        }
        person.addPurchase(swipe.eventTime, swipe.medfeeSumFen, swipe.eventTime - Limits.PURCHASES_MS);
        return person.purchaseCount >= Limits.PURCHASES_MIN
                && person.purchasesFen() >= Limits.PURCHASES_SUM_FEN_MIN;
    }

    private static boolean isTooFrequent(Swipe swipe, PersonState person) {
        person.addSwipe(swipe.eventTime);
        return person.swipeCount == Limits.SWIPES_MIN
                && swipe.eventTime - person.swipes[0] <= Limits.SWIPES_MS;
    }

    /** The hardest of the hits' actions. */
    private static String actionOf(List<String> hits) {
        if (hits.isEmpty()) {
            return "accept";
        }
        if (hits.contains("LOST") || hits.contains("WRONG_PINS")) {
            return "reject";
        }
        if (hits.contains("TRAVEL") || hits.contains("SPLIT")) {
            return "challenge";
        }
        return "review";
    }

    /** The great circle (haversine). */
    private static double distanceKm(double lng1, double lat1, double lng2, double lat2) {
        double sinLat = Math.sin((lat2 - lat1) * RADIANS_PER_DEGREE / 2);
        double sinLng = Math.sin((lng2 - lng1) * RADIANS_PER_DEGREE / 2);
        double chord = sinLat * sinLat
                + Math.cos(lat1 * RADIANS_PER_DEGREE) * Math.cos(lat2 * RADIANS_PER_DEGREE) * sinLng * sinLng;
        return EARTH_DIAMETER_KM * Math.asin(Math.sqrt(chord));
    }
}
