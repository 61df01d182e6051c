package kadun.peers.swipe5;

/** The limits of the five rules (LIMITS in bench/swipe-5/job.ts); windows are closed at both ends. */
public final class Limits {
    private static final long MINUTE_MS = 60_000;

    public static final double TRAVEL_KM_MIN = 100;
    public static final double TRAVEL_KMH_MAX = 300;
    public static final int WRONG_PINS_MIN = 3;
    public static final long WRONG_PINS_MS = 10 * MINUTE_MS;
    /** Half to all of 50,000 fen. */
    public static final long PURCHASE_FEN_MIN = 25_000;
    public static final long PURCHASE_FEN_MAX = 50_000;
    public static final int PURCHASES_MIN = 3;
    /** One and a half times 50,000 fen. */
    public static final long PURCHASES_SUM_FEN_MIN = 75_000;
    public static final long PURCHASES_MS = 30 * MINUTE_MS;
    public static final int SWIPES_MIN = 5;
    public static final long SWIPES_MS = 60 * MINUTE_MS;

    private Limits() {}
}
