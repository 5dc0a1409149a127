export { type Perceptron, type PerceptronMistake, type PerceptronOptions, perceptron } from './perceptron';
