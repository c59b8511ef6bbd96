package org.amortis.cuda;

import org.amortis.spi.StateCell;
import org.amortis.tensor.TensorType;

/** A state in device memory. */
final class DeviceState implements StateCell.Copy {
    private final CudaDevice device;
    private final int slots;
    private long address;

    DeviceState(CudaDevice device, TensorType type) {
        this.device = device;
        this.slots = type.shape().size() * type.dtype().slots();
        this.address = device.allocate((long) type.shape().size() * type.dtype().bytes());
    }

    CudaDevice device() {
        return device;
    }

    long address() {
        return address;
    }

    @Override
    public void upload(Object from, int offset) {
        device.upload(address, from, offset, slots);
    }

    @Override
    public void download(Object to, int offset) {
        device.download(to, offset, address, slots);
    }

    @Override
    public void free() {
        device.release(address);
        address = 0;
    }
}
