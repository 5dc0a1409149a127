export { type GalleryItem, type GalleryOptions, gallery } from './gallery';
