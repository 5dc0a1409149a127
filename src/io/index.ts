export { load, type Saved, save } from './checkpoint';
export { decodeNpy, encodeNpy, loadNpy, type ReadOptions, saveNpy } from './npy';
export { type Arrays, decodeNpz, encodeNpz, loadNpz, type NpzOptions, type ReadSomeOptions, saveNpz } from './npz';
export { fromPytorch, toPytorch } from './pytorch';
export { FileRows, openNpy, openSafetensors, SafetensorsFile } from './rows';
export {
  decodeSafetensors,
  encodeSafetensors,
  loadSafetensors,
  type SafetensorsOptions,
  saveSafetensors,
} from './safetensors';
