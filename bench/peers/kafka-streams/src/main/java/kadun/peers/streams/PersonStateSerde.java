package kadun.peers.streams;

import java.nio.ByteBuffer;
import kadun.peers.swipe5.PersonState;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/** A person's state as bytes: fixed fields first, then as many times and amounts as there are. */
final class PersonStateSerde implements Serde<PersonState> {
    private static final int FIXED_BYTES = Byte.BYTES + Long.BYTES + 2 * Double.BYTES + 3 * Byte.BYTES;

    @Override
    public Serializer<PersonState> serializer() {
        return (topic, state) -> state == null ? null : write(state);
    }

    @Override
    public Deserializer<PersonState> deserializer() {
        return (topic, bytes) -> bytes == null ? null : read(bytes);
    }

    private static byte[] write(PersonState state) {
        int longs = state.wrongPinCount + state.swipeCount + 2 * state.purchaseCount;
        ByteBuffer buffer = ByteBuffer.allocate(FIXED_BYTES + longs * Long.BYTES);
        buffer.put((byte) (state.hasSwiped ? 1 : 0));
        buffer.putLong(state.lastTime).putDouble(state.lng).putDouble(state.lat);
        buffer.put((byte) state.wrongPinCount).put((byte) state.swipeCount).put((byte) state.purchaseCount);
        writeLongs(buffer, state.wrongPins, state.wrongPinCount);
        writeLongs(buffer, state.swipes, state.swipeCount);
        writeLongs(buffer, state.purchaseTimes, state.purchaseCount);
        writeLongs(buffer, state.purchaseFen, state.purchaseCount);
        return buffer.array();
    }

    private static PersonState read(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        PersonState state = new PersonState();
        state.hasSwiped = buffer.get() == 1;
        state.lastTime = buffer.getLong();
        state.lng = buffer.getDouble();
        state.lat = buffer.getDouble();
        state.wrongPinCount = buffer.get();
        state.swipeCount = buffer.get();
        state.purchaseCount = buffer.get();
        readLongs(buffer, state.wrongPins, state.wrongPinCount);
        readLongs(buffer, state.swipes, state.swipeCount);
        if (state.purchaseCount > state.purchaseTimes.length) {
            state.purchaseTimes = new long[state.purchaseCount];
            state.purchaseFen = new long[state.purchaseCount];
        }
        readLongs(buffer, state.purchaseTimes, state.purchaseCount);
        readLongs(buffer, state.purchaseFen, state.purchaseCount);
        return state;
    }

    private static void writeLongs(ByteBuffer buffer, long[] values, int count) {
        for (int i = 0; i < count; i++) {
            buffer.putLong(values[i]);
        }
    }

    private static void readLongs(ByteBuffer buffer, long[] values, int count) {
        for (int i = 0; i < count; i++) {
            values[i] = buffer.getLong();
        }
    }
}
