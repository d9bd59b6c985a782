import DefaultTheme from 'vitepress/theme'
import './interlock.css'

export default DefaultTheme
