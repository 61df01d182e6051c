package kadun.peers.swipe5;

import java.util.Arrays;

/**
 * What is kept of a person: the last swipe's time and place, the times of the last wrong PINs and swipes (as many as a
 * rule counts), the purchases of the last half hour. A class Flink has a fast serializer for: public fields only.
 */
public class PersonState {
    private static final int PURCHASES_ROOM = 4;

    public boolean hasSwiped;
    public long lastTime;
    public double lng;
    public double lat;
    public int wrongPinCount;
    public long[] wrongPins = new long[Limits.WRONG_PINS_MIN];
    public int swipeCount;
    public long[] swipes = new long[Limits.SWIPES_MIN];
    public int purchaseCount;
    public long[] purchaseTimes = new long[PURCHASES_ROOM];
    public long[] purchaseFen = new long[PURCHASES_ROOM];

    public PersonState() {}

    public void moveTo(Swipe swipe) {
        hasSwiped = true;
        lastTime = swipe.eventTime;
        lng = swipe.lng;
        lat = swipe.lat;
    }

    public void addWrongPin(long time) {
        wrongPinCount = push(wrongPins, wrongPinCount, time);
    }

    public void addSwipe(long time) {
        swipeCount = push(swipes, swipeCount, time);
    }

    /** Those of before `oldest` are forgotten first. */
    public void addPurchase(long time, long fen, long oldest) {
        int kept = 0;
        for (int i = 0; i < purchaseCount; i++) {
            if (purchaseTimes[i] < oldest) {
                continue;
            }
            purchaseTimes[kept] = purchaseTimes[i];
            purchaseFen[kept++] = purchaseFen[i];
        }
        if (kept == purchaseTimes.length) {
            purchaseTimes = Arrays.copyOf(purchaseTimes, kept + PURCHASES_ROOM);
            purchaseFen = Arrays.copyOf(purchaseFen, kept + PURCHASES_ROOM);
        }
        purchaseTimes[kept] = time;
        purchaseFen[kept] = fen;
        purchaseCount = kept + 1;
    }

    public long purchasesFen() {
        long sum = 0;
        for (int i = 0; i < purchaseCount; i++) {
            sum += purchaseFen[i];
        }
        return sum;
    }

    /** The oldest gives way where all places are taken. Returns how many there are now. */
    private static int push(long[] times, int count, long time) {
        if (count < times.length) {
            times[count] = time;
            return count + 1;
        }
        System.arraycopy(times, 1, times, 0, times.length - 1);
        times[times.length - 1] = time;
        return count;
    }
}
