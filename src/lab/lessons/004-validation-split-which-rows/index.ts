export { type Album, type AlbumOptions, album, mixed, newFish, sizes } from './fish';
