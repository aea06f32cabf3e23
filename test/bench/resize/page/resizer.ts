// All that scales, without what finds out about pictures, decodes them and keeps their metadata: weighed, never run.
export { resample, resampleRows } from '../../../../widget/image/resample/resample.js';
export { resamplePlanes } from '../../../../widget/image/resample/resample-planes.js';
